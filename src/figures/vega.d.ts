// vega exports textMetrics (vega-scenegraph) but its types leave it out
import 'vega';

declare module 'vega' {
  /** How wide texts are taken to be: by a canvas where there is one, else by an estimate. */
  export const textMetrics: { canvas(use: boolean): void };
}
