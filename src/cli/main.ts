#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything is loaded: what was parsed once is kept in the system's temporary folder, and starting takes half the time
enableCompileCache();
await import('./program.ts');
