# Golden values of Van Dyke's reader study (2 treatments, 5 readers, 45 with and 69 without aortic dissection), the
# worked example of MRMCaov (https://github.com/brian-j-smith/MRMCaov, data/VanDyke.RData; the data stay there).
# Covariances by pROC, mean squares by aov. Run: Rscript van-dyke.R VanDyke.RData > van-dyke.json
suppressMessages(library(pROC)); options(digits = 17)
load(commandArgs(TRUE)[1]); d <- VanDyke[order(VanDyke$treatment, VanDyke$reader, as.integer(VanDyke$case)), ]
parts <- split(d, interaction(d$reader, d$treatment))
curves <- lapply(parts, function(p) roc(p$truth, p$rating, direction = "<", quiet = TRUE))
a <- sapply(curves, function(c) as.numeric(auc(c)))
v <- outer(1:10, 1:10, Vectorize(function(i, j) if (i == j) var(curves[[i]], method = "delong") else cov(curves[[i]], curves[[j]], method = "delong")))
ms <- summary(aov(a ~ factor(rep(1:2, each = 5)) * factor(rep(1:5, 2))))[[1]][["Mean Sq"]]
row <- function(x) paste0("[", paste(format(x, digits = 17, trim = TRUE), collapse = ","), "]")
cat('{"merits":[', row(a[1:5]), ",", row(a[6:10]), '],\n"covariance":[', paste(apply(v, 1, row), collapse = ",\n"), '],\n"meanSquares":', row(ms[1:3]), "}\n", sep = "")
