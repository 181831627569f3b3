# Rscript drift.R > drift.json: two-sample Kolmogorov-Smirnov and Benjamini-Hochberg, as src/statistics/drift.test.ts reads them.
number <- function(x) paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
sets <- list(
  shifted = list(x = sin(1:40) * 3, y = sin(1:70 * 1.7) * 3 + 1),
  equal = list(x = cos(1:60), y = cos(61:150)),
  tied = list(x = rep(c(0.5, 1, 5), c(20, 30, 10)), y = rep(c(0.5, 1, 5), c(10, 40, 50))),
  apart = list(x = 1:50 / 10, y = 10 + 1:50 / 10)
)
rows <- sapply(names(sets), function(name) {
  s <- sets[[name]]
  t <- suppressWarnings(ks.test(s$x, s$y, exact = FALSE))
  sprintf('    {"name": "%s", "x": %s, "y": %s, "statistic": %.17g, "p": %.17g}', name, number(s$x), number(s$y), t$statistic, t$p.value)
})
p <- c(0.04, 0.01, 0.03, 0.8, 0.0002, 0.03, 1)
cat('{\n  "ks": [\n', paste(rows, collapse = ",\n"), "\n  ],\n", sep = "")
cat(sprintf('  "p": %s,\n  "bh": %s\n}\n', number(p), number(p.adjust(p, "BH"))))
