/** Settings of a convolution: a number for each spatial axis. */
export interface ConvolutionAttributes {
  readonly strides: readonly number[];
  /** Zeros before and after each spatial axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly groups: number;
}
