/** What the bundler puts in place. */
interface ImportMeta {
  readonly env: { readonly ICHOR_VERSION: string };
}
declare module '*.css' {}
