# Golden values for advantage.ts, scaled-interval.ts and reader-study.ts, from R 4.2 with pROC; formulas straight from their papers.
# Run in this folder: Rscript readers.R > readers.json
suppressMessages(library(pROC))
options(digits = 17, warn = -1)
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ",\n"), "]"))
    return(paste0("{", paste0('"', names(x), '":', parts, collapse = ","), "}"))
  }
  if (is.matrix(x)) return(paste0("[", paste(apply(x, 1, function(r) json(I(r))), collapse = ","), "]"))
  one <- function(v) if (is.character(v)) paste0('"', v, '"') else if (is.finite(v)) format(v, digits = 17, trim = TRUE) else "null"
  parts <- vapply(x, one, "")
  if (length(x) == 1 && !inherits(x, "AsIs")) parts else paste0("[", paste(parts, collapse = ","), "]")
}

# ---- a model's sensitivity at a reader's specificity, of weighted rows
advantage <- function(s, y, d, g, w, i) {
  v <- w[g + 1]; W0 <- sum(v[y == 0]); W1 <- sum(v[y == 1])
  rate <- (sum(v[y == 0 & d == 1]) + i$falseAlarm) / (W0 + i$falseAlarm + i$trueNegative)
  own <- (sum(v[y == 1 & d == 1]) + i$found) / (W1 + i$found + i$missed)
  x <- rate * (W0 + i$lowest)
  cuts <- sort(unique(s[y == 0]), decreasing = TRUE)
  ends <- c(0, sapply(cuts, function(t) sum(v[y == 0 & s >= t])))
  called <- c(0, sapply(cuts, function(t) sum(v[y == 1 & s >= t])))
  straight <- approx(c(ends, W0 + i$lowest), c(called, W1), x)$y
  k <- findInterval(x, ends)
  empirical <- if (k > length(cuts)) W1 else {
    above <- sum(v[y == 1 & s > cuts[k]])
    above + (called[k + 1] - above) * (x - ends[k]) / (ends[k + 1] - ends[k])
  }
  (straight + empirical) / 2 / W1 - own
}
set.seed(20)
advantages <- lapply(1:8, function(k) {
  n <- c(30, 40, 12, 60, 25, 50, 9, 100)[k]; y <- rep(0:1, length.out = n)
  s <- rnorm(n, 1.5 * y); if (k %% 2 == 0) s <- round(2 * s) / 2
  d <- as.integer(runif(n) < ifelse(y == 1, .8, c(.1, 0, .5, .02)[1 + k %% 4]))
  g <- if (k %% 3 == 0) (seq_len(n) - 1) %/% 3 else seq_len(n) - 1
  w <- rexp(max(g) + 1)
  i <- list(lowest = rexp(1), falseAlarm = rgamma(1, .5), trueNegative = rgamma(1, .5), found = rgamma(1, .5), missed = rgamma(1, .5))
  list(scores = I(s), positive = I(y), decisions = I(d), clusters = I(g), patients = I(w), imagined = i, value = advantage(s, y, d, g, w, i))
})

# ---- AUCs on the logit scale (Pepe 2003), from pROC's variance
logits <- lapply(1:6, function(k) {
  n <- c(20, 40, 60, 80, 100, 300)[k]; y <- rep(0:1, length.out = n); s <- rnorm(n, c(.5, 1, 2, 1.5, 3, 0)[k] * y)
  r <- roc(y, s, direction = "<", quiet = TRUE); a <- as.numeric(auc(r)); se <- sqrt(var(r, method = "delong"))
  list(scores = I(s), positive = I(y), interval = I(plogis(qlogis(a) + c(-1, 1) * qnorm(.975) * se / (a * (1 - a)))),
       t = I(plogis(qlogis(a) + c(-1, 1) * qt(.975, 9) * se / (a * (1 - a)))), log = I(exp(log(a) + c(-1, 1) * qnorm(.975) * se / a)))
})

# ---- readers under two treatments: Obuchowski & Rockette 1995, Hillis 2007, 2014; components as Hillis, Berbaum & Metz 2008
components <- function(m, S, margin) {                  # m: [treatment, reader]; S in the order of t(m)
  t <- nrow(m); r <- ncol(m); id <- expand.grid(j = 1:r, i = 1:t)
  same <- function(a) outer(a, a, "=="); st <- same(id$i); sr <- same(id$j)
  e <- mean(S[st & sr]); c1 <- mean(S[!st & sr]); c2 <- mean(S[st & !sr]); c3 <- mean(S[!st & !sr])
  d <- data.frame(y = c(t(m)), i = factor(id$i), j = factor(id$j))
  ms <- summary(aov(y ~ i * j, d))[[1]][["Mean Sq"]]    # treatment, reader, interaction
  tr <- max(0, ms[3] - e + c1 + max(0, c2 - c3)); rd <- max(0, (ms[2] - ms[3]) / t - c1 + c3)
  noise <- ms[3] + max(0, r * (c2 - c3)); df <- noise^2 / (ms[3]^2 / ((t - 1) * (r - 1)))
  difference <- mean(m[1, ]) - mean(m[2, ]); se <- sqrt(2 / r * noise)
  list(meanSquares = I(ms[1:3]), errors = I(c(e, c1, c2, c3)), readers = rd, interaction = tr, difference = difference, se = se, df = df,
       interval = I(difference + c(-1, 1) * qt(.975, df) * se), p = 2 * pt(-abs(difference) / se, df),
       notInferior = pt((difference + margin) / se, df, lower.tail = FALSE))
}
mean_covariances <- function(x, g) {                    # of column means, rows in clusters (Obuchowski 1998)
  k <- length(unique(g)); n <- as.vector(tapply(g, g, length)); m <- colMeans(x)
  u <- rowsum(x, g) - outer(n, m); k / (k - 1) * crossprod(u) / nrow(x)^2
}
study <- function(name, n, r, each, gain, margin) {
  y <- rep(c(1, 0, 0, 1, 0), length.out = n); g <- (seq_len(n) - 1) %/% each
  hard <- rnorm(n); skill <- rnorm(r, 1.2, .3)
  calls <- sapply(1:(2 * r), function(q) { j <- (q - 1) %% r + 1; aided <- q <= r
    as.integer(rnorm(n, .7 * hard + (skill[j] + gain * aided) * (2 * y - 1)) > 0) })   # columns: aided readers, then alone
  mats <- list(sensitivity = calls[y == 1, ], specificity = 1 - calls[y == 0, ])
  own <- list(sensitivity = g[y == 1], specificity = g[y == 0])
  found <- lapply(names(mats), function(f) components(matrix(colMeans(mats[[f]]), 2, byrow = TRUE), mean_covariances(mats[[f]], own[[f]]), margin))
  names(found) <- names(mats)
  if (each == 1) {
    rocs <- apply(calls, 2, function(s) roc(y, s, direction = "<", quiet = TRUE))
    S <- outer(1:(2 * r), 1:(2 * r), Vectorize(function(a, b) if (a == b) var(rocs[[a]], method = "delong") else cov(rocs[[a]], rocs[[b]], method = "delong")))
    found$auc <- components(matrix(sapply(rocs, function(c) as.numeric(auc(c))), 2, byrow = TRUE), S, margin)
  }
  list(name = name, positive = I(y), patients = I(g), calls = lapply(1:(2 * r), function(q) I(calls[, q])), readers = r, margin = margin, found = found)
}
studies <- list(study("four readers, a study of each patient", 150, 4, 1, .5, .05), study("six readers, patients of three studies", 240, 6, 3, .2, .05),
                study("three readers, no gain", 90, 3, 1, 0, .1))
cat(json(list(advantages = advantages, logits = logits, studies = studies)), "\n")
