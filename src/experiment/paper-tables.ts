/** A row that the paper prints: accuracy, sensitivity, specificity, F1, AUC, each with two digits. */
export interface PaperRow {
  readonly className: string;
  readonly network: string;
  readonly printed: readonly [number, number, number, number, number];
}

const TABLE_S3 = `
ICH|CNN-RNN (Sub-Lab)|.99 .98 .99 .99 1
ICH|CNN-RNN (Sub-Lab) + pw|.99 .98 .99 .99 1
ICH|CNN-RNN (Sli-Lab)|.99 .99 .99 .99 1
ICH|2D VGG16|.99 .98 .99 .99 .99
ICH|3D VGG16|.94 .95 .93 .96 .98
ICH|GoogleNet|.99 .98 1 .99 .99
CPH|CNN-RNN (Sub-Lab)|.88 .90 .82 .92 .94
CPH|CNN-RNN (Sub-Lab) + pw|.89 .90 .84 .92 .93
CPH|CNN-RNN (Sli-Lab)|.90 .92 .83 .93 .94
CPH|2D VGG16|.91 .92 .86 .94 .89
CPH|3D VGG16|.81 .87 .63 .87 .81
CPH|GoogleNet|.87 .91 .76 .91 .83
SAH|CNN-RNN (Sub-Lab)|.75 .65 .82 .70 .82
SAH|CNN-RNN (Sub-Lab) + pw|.81 .70 .90 .76 .88
SAH|CNN-RNN (Sli-Lab)|.83 .69 .94 .78 .89
SAH|2D VGG16|.60 .42 .74 .48 .58
SAH|3D VGG16|.75 .63 .84 .69 .84
SAH|GoogleNet|.61 .45 .73 .51 .59
EDH|CNN-RNN (Sub-Lab)|.92 .69 .94 .55 .90
EDH|CNN-RNN (Sub-Lab) + pw|.96 .69 .98 .72 .93
EDH|CNN-RNN (Sli-Lab)|.96 .69 .98 .72 .94
EDH|2D VGG16|.95 .69 .97 .64 .83
EDH|3D VGG16|.93 .38 .97 .43 .78
EDH|GoogleNet|.93 .69 .95 .58 .82
SDH|CNN-RNN (Sub-Lab)|.87 .61 .93 .64 .91
SDH|CNN-RNN (Sub-Lab) + pw|.95 .86 .97 .86 .95
SDH|CNN-RNN (Sli-Lab)|.94 .86 .96 .84 .96
SDH|2D VGG16|.94 .86 .96 .84 .91
SDH|3D VGG16|.83 .42 .92 .48 .83
SDH|GoogleNet|.95 .81 .99 .87 .90
IVH|CNN-RNN (Sub-Lab)|.84 .66 .94 .74 .84
IVH|CNN-RNN (Sub-Lab) + pw|.89 .78 .95 .83 .93
IVH|CNN-RNN (Sli-Lab)|.91 .84 .95 .87 .93
IVH|2D VGG16|.60 .52 .64 .47 .58
IVH|3D VGG16|.79 .55 .91 .64 .82
IVH|GoogleNet|.57 .52 .59 .45 .56`;

const TABLE_S4 = `
ICH|CNN-RNN (Sli-Lab)|.96 .86 .99 .91 .99
ICH|2D VGG16|.95 .86 .98 .90 .98
ICH|GoogleNet|.94 .83 .98 .88 .98
CPH|CNN-RNN (Sli-Lab)|.95 .87 .97 .87 .98
CPH|2D VGG16|.95 .83 .98 .86 .98
CPH|GoogleNet|.95 .82 .98 .86 .98
SAH|CNN-RNN (Sli-Lab)|.90 .54 .97 .64 .93
SAH|2D VGG16|.82 .20 .93 .25 .78
SAH|GoogleNet|.82 .21 .93 .27 .79
EDH|CNN-RNN (Sli-Lab)|.99 .61 1 .68 .97
EDH|2D VGG16|.99 .55 1 .64 .93
EDH|GoogleNet|.99 .50 1 .62 .93
SDH|CNN-RNN (Sli-Lab)|.97 .78 .98 .78 .97
SDH|2D VGG16|.96 .59 .99 .72 .96
SDH|GoogleNet|.96 .55 1 .70 .96
IVH|CNN-RNN (Sli-Lab)|.95 .70 .99 .78 .96
IVH|2D VGG16|.84 .20 .92 .22 .74
IVH|GoogleNet|.85 .23 .93 .25 .75`;

/** Ye et al. 2019, supplementary Tables 3 (subjects) and 4 (slices), as printed. */
export const PAPER_TABLES: Readonly<Record<'subject' | 'slice', readonly PaperRow[]>> = {
  subject: rowsOf(TABLE_S3),
  slice: rowsOf(TABLE_S4),
};

function rowsOf(text: string): PaperRow[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [className, network, figures] = line.split('|') as [string, string, string];
      return {
        className,
        network,
        printed: figures.split(' ').map(Number) as unknown as PaperRow['printed'],
      };
    });
}
