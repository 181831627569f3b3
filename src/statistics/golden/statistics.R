# Golden values for src/statistics, from R 4.2 with pROC, vcd and psych; formulas spelt out where no package has them.
# Run in this folder: Rscript statistics.R > statistics.json
suppressMessages({library(pROC); library(vcd)})
options(digits = 17, warn = -1)

# ---- JSON
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ","), "]"))
    return(paste0("{", paste0('"', names(x), '":', parts, collapse = ","), "}"))
  }
  if (is.matrix(x)) return(json(lapply(seq_len(nrow(x)), function(i) I(x[i, ]))))
  one <- function(v) {
    if (is.character(v)) return(paste0('"', v, '"'))
    if (is.logical(v)) return(if (is.na(v)) "null" else if (v) "1" else "0")
    if (!is.finite(v)) return("null")
    format(v, digits = 17, scientific = NA, trim = TRUE)
  }
  parts <- vapply(x, one, "")
  if (length(x) == 1 && !inherits(x, "AsIs")) parts else paste0("[", paste(parts, collapse = ","), "]")
}
ask <- function(expr) tryCatch(expr, error = function(e) NULL)

# ---- statistics that no package here has, straight from their papers
placements <- function(s, y) {
  pos <- s[y == 1]; neg <- s[y == 0]
  psi <- outer(pos, neg, function(a, b) (a > b) + 0.5 * (a == b))
  list(v10 = rowMeans(psi), v01 = colMeans(psi), auc = mean(psi))
}
obuchowski <- function(s, y, g) {                       # Obuchowski 1997
  p <- placements(s, y); m <- sum(y); n <- sum(1 - y)
  ids <- unique(g)
  gp <- g[y == 1]; gn <- g[y == 0]
  x <- sapply(ids, function(i) sum(p$v10[gp == i]) - sum(gp == i) * p$auc)
  z <- sapply(ids, function(i) sum(p$v01[gn == i]) - sum(gn == i) * p$auc)
  i10 <- length(unique(gp)); i01 <- length(unique(gn)); k <- length(ids)
  if (i10 < 2 || i01 < 2) return(NULL)
  s10 <- i10 / ((i10 - 1) * m) * sum(x^2)
  s01 <- i01 / ((i01 - 1) * n) * sum(z^2)
  s11 <- k / (k - 1) * sum(x * z)
  v <- s10 / m + s01 / n + 2 * s11 / (m * n)
  if (v < 0) NULL else sqrt(v)
}
obuchowski_pair <- function(s, t, y, g) {               # Obuchowski 1997, covariance of two AUCs
  p <- placements(s, y); q <- placements(t, y); m <- sum(y); n <- sum(1 - y)
  ids <- unique(g); gp <- g[y == 1]; gn <- g[y == 0]
  part <- function(v, own, a) sapply(ids, function(i) sum(v[own == i]) - sum(own == i) * a)
  x1 <- part(p$v10, gp, p$auc); z1 <- part(p$v01, gn, p$auc); x2 <- part(q$v10, gp, q$auc); z2 <- part(q$v01, gn, q$auc)
  i10 <- length(unique(gp)); i01 <- length(unique(gn)); k <- length(ids)
  if (i10 < 2 || i01 < 2) return(NULL)
  v <- function(x, z, u, w) i10 / (i10 - 1) * sum(x * u) / m^2 + i01 / (i01 - 1) * sum(z * w) / n^2 +
    k / (k - 1) * (sum(x * w) + sum(u * z)) / (m * n)
  own <- v(x1, z1, x1, z1); other <- v(x2, z2, x2, z2); d <- own + other - 2 * v(x1, z1, x2, z2)
  if (own < 0 || other < 0 || d < 1e-16) NULL else list(se = sqrt(d), z = (p$auc - q$auc) / sqrt(d))
}
clustered_pairs <- function(a, b, g) {                   # Obuchowski 1998, straight from its variances
  n <- tapply(a, g, length); x1 <- tapply(a, g, sum); x2 <- tapply(b, g, sum); k <- length(n); total <- sum(n)
  p1 <- sum(x1) / total; p2 <- sum(x2) / total; p <- (p1 + p2) / 2
  v <- function(c, d, at, other) k / (k - 1) / total^2 * sum((c - n * at) * (d - n * other))
  null <- v(x1, x1, p, p) + v(x2, x2, p, p) - 2 * v(x1, x2, p, p)
  free <- v(x1, x1, p1, p1) + v(x2, x2, p2, p2) - 2 * v(x1, x2, p1, p2)
  list(statistic = if (sum((x1 - x2)^2) > 0) (p1 - p2)^2 / null, difference = p1 - p2, se = sqrt(max(0, free)))
}
RATES <- c(0, .05, .1, .25, .5, .9, 1)
roc_at <- function(s, y) {                               # straight between points, the upper end where it rises
  cuts <- c(Inf, sort(unique(s), decreasing = TRUE))
  fpr <- sapply(cuts, function(t) mean(s[y == 0] >= t)); tpr <- sapply(cuts, function(t) mean(s[y == 1] >= t))
  i <- findInterval(RATES, fpr); j <- pmin(i + 1, length(fpr))
  ifelse(fpr[j] > fpr[i], tpr[i] + (tpr[j] - tpr[i]) * (RATES - fpr[i]) / (fpr[j] - fpr[i]), tpr[i])
}
average_precision <- function(s, y) {
  if (sum(y) == 0 || sum(1 - y) == 0) return(NULL)
  total <- 0; before <- 0
  for (t in sort(unique(s), decreasing = TRUE)) {
    tp <- sum(y[s >= t]); total <- total + (tp - before) * tp / sum(s >= t); before <- tp
  }
  total / sum(y)
}
# vcov() keeps the weights of the last step but one
model_se <- function(fit) {
  x <- model.matrix(fit); p <- plogis(c(x %*% coef(fit)))
  unname(sqrt(diag(solve(crossprod(x * (p * (1 - p)), x)))))
}
clustered_fit <- function(fit, g) {                      # Liang & Zeger 1986
  x <- model.matrix(fit); u <- x * (fit$y - fitted(fit))
  meat <- crossprod(rowsum(u, g)); k <- length(unique(g))
  b <- solve(crossprod(x * (fitted(fit) * (1 - fitted(fit))), x))
  sqrt(diag(b %*% (meat * k / (k - 1)) %*% b))
}
fleiss <- function(r) {                                  # Fleiss 1971, variance Gwet 2021
  k <- ncol(r); n <- nrow(r); cats <- sort(unique(c(r)))
  counts <- sapply(cats, function(c) rowSums(r == c)); counts <- matrix(counts, nrow = n)
  p <- colMeans(counts) / k; pe <- sum(p^2)
  pa <- (rowSums(counts^2) - k) / (k * (k - 1))
  if (1 - pe < 1e-12) return(NULL)
  kappa <- (mean(pa) - pe) / (1 - pe)
  pei <- counts %*% p / k
  star <- (pa - pe) / (1 - pe) - 2 * (1 - kappa) * (pei - pe) / (1 - pe)
  list(value = kappa, se = sqrt(sum((star - kappa)^2) / n / (n - 1)))
}
newcombe <- function(a, b, c, d) {                       # Newcombe 1998, paired, method 10
  n <- a + b + c + d
  w1 <- prop.test(a + b, n, correct = FALSE)$conf.int; w2 <- prop.test(a + c, n, correct = FALSE)$conf.int
  p1 <- (a + b) / n; p2 <- (a + c) / n
  den <- (a + b) * (c + d) * (a + c) * (b + d)
  phi <- if (den == 0) 0 else (if (a * d > b * c) max(a * d - b * c - n / 2, 0) else a * d - b * c) / sqrt(den)
  dl1 <- p1 - w1[1]; du1 <- w1[2] - p1; dl2 <- p2 - w2[1]; du2 <- w2[2] - p2
  c(p1 - p2 - sqrt(max(0, dl1^2 - 2 * phi * dl1 * du2 + du2^2)),
    p1 - p2 + sqrt(max(0, du1^2 - 2 * phi * du1 * dl2 + dl2^2)))
}

# ---- one data set
tight <- glm.control(epsilon = 1e-15, maxit = 200)
logit <- function(p) qlogis(pmin(1 - 1e-7, pmax(1e-7, p)))
evaluate <- function(name, s, s2, y, g, ra, rb, rc) {
  out <- list(name = name, scores = I(s), second = I(s2), positive = I(y), clusters = I(g),
              raters = list(I(ra), I(rb), I(rc)))
  both <- sum(y) > 0 && sum(1 - y) > 0
  r1 <- if (both) roc(y, s, direction = "<", quiet = TRUE); r2 <- if (both) roc(y, s2, direction = "<", quiet = TRUE)
  two <- sum(y) > 1 && sum(1 - y) > 1
  out$auc <- if (both) as.numeric(auc(r1))
  ci <- if (two) ci.auc(r1, method = "delong")
  out$delong <- if (two) list(se = sqrt(var(r1, method = "delong")), low = ci[1], high = ci[3])
  test <- if (two) ask(roc.test(r1, r2, method = "delong", paired = TRUE))
  if (!is.null(test) && is.finite(test$statistic) && abs(test$statistic) < 1e6) {
    v <- var(r1, method = "delong") + var(r2, method = "delong") - 2 * cov(r1, r2, method = "delong")
    if (v < 1e-16) out["paired"] <- list(NULL) # pROC says z = 0 where the difference has no variance
    else out$paired <- list(z = as.numeric(test$statistic), p = as.numeric(test$p.value), se = sqrt(v))
  } else out["paired"] <- list(NULL)
  out["clustered"] <- list(if (both) obuchowski(s, y, g))
  out["pairedClustered"] <- list(if (both) obuchowski_pair(s, s2, y, g))
  out["clusteredPairs"] <- list(if (length(unique(g)) > 1) clustered_pairs(ra, rb, g))
  out["averagePrecision"] <- list(average_precision(s, y))
  called <- as.integer(s >= 0.5)
  tp <- sum(called & y); fp <- sum(called & !y); fn <- sum(!called & y); tn <- sum(!called & !y)
  out$confusion <- list(truePositives = tp, falsePositives = fp, trueNegatives = tn, falseNegatives = fn)
  rates <- list(accuracy = c(tp + tn, length(y)), sensitivity = c(tp, tp + fn), specificity = c(tn, tn + fp),
                ppv = c(tp, tp + fp), npv = c(tn, tn + fn))
  out$rates <- lapply(rates, function(q) if (q[2] > 0) list(
    wilson = prop.test(q[1], q[2], correct = FALSE)$conf.int[1:2], exact = binom.test(q[1], q[2])$conf.int[1:2]))
  lr <- function(a, na, b, nb) if (na > 0 && nb > 0 && a > 0 && b > 0) {
    v <- (a / na) / (b / nb); e <- qnorm(.975) * sqrt(1 / a - 1 / na + 1 / b - 1 / nb); c(v, v * exp(-e), v * exp(e)) }
  out["positiveLikelihoodRatio"] <- list(lr(tp, tp + fn, fp, fp + tn))
  out["negativeLikelihoodRatio"] <- list(lr(fn, tp + fn, tn, fp + tn))
  out["f1"] <- list(if (tp + fn > 0) 2 * tp / (2 * tp + fp + fn))
  bayes <- function(pi) {
    se <- tp / (tp + fn); sp <- tn / (tn + fp)
    if (!both || se %in% c(0, 1) || sp %in% c(0, 1)) return(NULL)
    lp <- qlogis(se * pi / (se * pi + (1 - sp) * (1 - pi))); ln <- qlogis(sp * (1 - pi) / (sp * (1 - pi) + (1 - se) * pi))
    vp <- (1 - se) / se / (tp + fn) + sp / (1 - sp) / (tn + fp); vn <- se / (1 - se) / (tp + fn) + (1 - sp) / sp / (tn + fp)
    z <- qnorm(.975)
    list(ppv = plogis(lp + c(0, -z, z) * sqrt(vp)), npv = plogis(ln + c(0, -z, z) * sqrt(vn)))
  }
  out["atTenPercent"] <- list(bayes(0.1))
  # probabilities
  out$brier <- mean((s - y)^2)
  held <- pmin(1 - 1e-15, pmax(1e-15, ifelse(y == 1, s, 1 - s))); out$logLoss <- -mean(log(held))
  l <- logit(s)
  overlap <- both && max(l[y == 0]) > min(l[y == 1]) && min(l[y == 0]) < max(l[y == 1])
  fit <- if (overlap && length(unique(l)) > 1) ask(glm(y ~ l, family = binomial, control = tight))
  good <- !is.null(fit)
  # glm's own steps run off where logits are extreme: the score's root, by bisection
  level <- if (both) uniroot(function(a) sum(y - plogis(a + l)), c(-40, 40), tol = 1e-15, maxiter = 5000)$root
  out["calibration"] <- list(if (good) list(
    intercept = unname(coef(fit)[1]), slope = unname(coef(fit)[2]), se = model_se(fit),
    clustered = if (length(unique(g)) > 1) unname(clustered_fit(fit, g))))
  out["inTheLarge"] <- list(if (!is.null(level)) c(level, 1 / sqrt(sum(plogis(level + l) * (1 - plogis(level + l))))))
  slope_score <- function(b) sum(l * (y - plogis(b * l)))
  out["temperatureSlope"] <- list(if (both && slope_score(1e-6) > 0 && slope_score(200) < -1e-9)
    uniroot(slope_score, c(1e-6, 200), tol = 1e-15, maxiter = 5000)$root)
  smooth <- ifelse(y == 1, (sum(y) + 1) / (sum(y) + 2), 1 / (sum(1 - y) + 2))
  platt <- if (both && length(unique(l)) > 1) ask(glm(smooth ~ l, family = quasibinomial, control = tight))
  out["platt"] <- list(if (!is.null(platt) && coef(platt)[2] > 0) unname(coef(platt)))
  # operating points
  at <- if (both) coords(r1, "all", ret = c("threshold", "sensitivity", "specificity"), transpose = FALSE)
  at <- if (both) at[at$threshold < Inf, ]               # a threshold that calls something positive
  out["youden"] <- list(if (both) max(at$sensitivity + at$specificity - 1))
  out["specificityAt90"] <- list(if (both) max(at$specificity[at$sensitivity >= 0.9 - 1e-12]))
  out["sensitivityAt90"] <- list(if (both && any(at$specificity >= 0.9 - 1e-12)) max(at$sensitivity[at$specificity >= 0.9 - 1e-12]))
  # raters
  tab <- table(factor(ra, 0:1), factor(rb, 0:1))
  kap <- ask(Kappa(tab))
  usable <- !is.null(kap) && is.finite(kap$Unweighted[1])
  out["cohen"] <- list(if (usable) { k <- unname(kap$Unweighted); list(value = k[1], se = k[2]) })
  out["fleiss"] <- list(if (length(y) > 1) fleiss(cbind(ra, rb, rc)))
  b <- tab[2, 1]; c <- tab[1, 2]
  mc <- if (b + c > 0) mcnemar.test(tab)
  out$mcnemar <- list(onlyFirst = b, onlySecond = c, exact = if (b + c > 0) binom.test(b, b + c)$p.value else 1,
    statistic = if (b + c > 0) unname(mc$statistic), p = if (b + c > 0) mc$p.value, difference = newcombe(tab[2, 2], b, c, tab[1, 1]))
  # groups: scores by rater a's call, counts by rater and reference
  groups <- split(s, factor(ra * 2 + rb, 0:3)); groups <- groups[sapply(groups, length) > 0]
  enough <- length(groups) > 1 && length(s) > length(groups) && any(sapply(groups, function(v) length(unique(v)) > 1))
  an <- if (enough) summary(aov(unlist(groups) ~ factor(rep(seq_along(groups), sapply(groups, length)))))[[1]]
  out["anova"] <- list(if (!is.null(an)) list(statistic = an[["F value"]][1], p = an[["Pr(>F)"]][1]))
  chi <- function(tab) {
    tab <- tab[rowSums(tab) > 0, colSums(tab) > 0, drop = FALSE]
    if (min(dim(tab)) < 2) return(NULL)
    t <- chisq.test(tab); list(statistic = unname(t$statistic), p = t$p.value)
  }
  out["chiTwoByTwo"] <- list(chi(table(factor(y, 0:1), factor(ra, 0:1))))
  out["chiWide"] <- list(chi(table(factor(y, 0:1), factor(ra + rb + rc, 0:3))))
  # patients, resampled by indices that the test is given
  if (length(unique(g)) > 1) {
    ids <- sort(unique(g))
    draws <- lapply(1:20, function(i) sort(sample(ids, length(ids), replace = TRUE)))
    rep_stat <- function(d) {
      rows <- unlist(lapply(d, function(i) which(g == i)))
      yy <- y[rows]; ss <- s[rows]; ok <- sum(yy) > 0 && sum(1 - yy) > 0; cc <- ss >= 0.5
      c(auc = if (ok) mean(outer(ss[yy == 1], ss[yy == 0], function(a, b) (a > b) + 0.5 * (a == b))) else NA,
        ap = if (ok) average_precision(ss, yy) else NA,
        sensitivity = if (sum(yy) > 0) sum(cc & yy) / sum(yy) else NA, ppv = if (any(cc)) sum(cc & yy) / sum(cc) else NA,
        f1 = if (sum(yy) > 0) 2 * sum(cc & yy) / (sum(yy) + sum(cc)) else NA, brier = mean((ss - yy)^2))
    }
    m <- sapply(draws, rep_stat)
    curves <- lapply(draws, function(d) {
      rows <- unlist(lapply(d, function(i) which(g == i))); yy <- y[rows]
      I(if (sum(yy) > 0 && sum(1 - yy) > 0) roc_at(s[rows], yy) else rep(NA_real_, length(RATES)))
    })
    out$bootstrap <- list(draws = lapply(draws, I), auc = I(m["auc", ]), averagePrecision = I(m["ap", ]),
      sensitivity = I(m["sensitivity", ]), ppv = I(m["ppv", ]), f1 = I(m["f1", ]), brier = I(m["brier", ]), roc = curves,
      aucInterval = if (!anyNA(m["auc", ])) unname(quantile(m["auc", ], c(.025, .975))), aucDeviation = if (!anyNA(m["auc", ])) sd(m["auc", ]))
  } else out["bootstrap"] <- list(NULL)
  out
}

make <- function(name, n, share, digits, spread = 1.5, per = 3, shape = NULL) {
  y <- as.integer(runif(n) < share)
  if (name != "no positives" && sum(y) == 0) y[1] <- 1L
  if (name != "no negatives" && sum(1 - y) == 0) y[n] <- 0L
  if (!is.null(shape)) y <- shape
  s <- round(plogis(rnorm(n, spread * (y - 0.5))), digits)
  s2 <- round(plogis(rnorm(n, spread * 0.6 * (y - 0.5)) + 0.4 * qlogis(pmin(.99, pmax(.01, s)))), digits)
  g <- as.integer((seq_len(n) - 1) %/% per)
  rate <- function(p) as.integer(runif(n) < ifelse(y == 1, p, 1 - p))
  list(name = name, s = s, s2 = s2, y = y, g = g, ra = rate(.9), rb = rate(.8), rc = rate(.7))
}
run <- function(d) evaluate(d$name, d$s, d$s2, d$y, d$g, d$ra, d$rb, d$rc)

set.seed(20261124)
sets <- list(
  make("continuous", 60, .5, 9), make("continuous, rare", 90, .1, 9), make("continuous, common", 60, .9, 9),
  make("ties, two digits", 80, .4, 2), make("heavy ties, one digit", 90, .4, 1), make("scores of 0 and 1 only", 60, .5, 0),
  make("tiny, two and two", 4, .5, 3, shape = c(1L, 0L, 1L, 0L), per = 1), make("tiny, one positive", 8, .2, 3, shape = c(1L, rep(0L, 7)), per = 2),
  make("tiny, one negative", 8, .2, 3, shape = c(0L, rep(1L, 7)), per = 2), make("tiny, three and two", 5, .5, 2, shape = c(1L, 1L, 1L, 0L, 0L), per = 2),
  make("weak", 70, .5, 6, spread = 0.1), make("inverted", 60, .5, 6, spread = -2), make("strong", 100, .3, 6, spread = 4),
  make("large clusters", 120, .3, 4, per = 15), make("patients of one row", 50, .5, 6, per = 1), make("two patients", 30, .5, 5, per = 15),
  make("one patient", 20, .5, 5, per = 20), make("no positives", 12, 0, 4), make("no negatives", 12, 1.1, 4),
  make("wide", 150, .35, 5, per = 5)
)
d <- make("perfect separation", 40, .5, 6); d$s <- round(ifelse(d$y == 1, .6 + .4 * d$s, .4 * d$s), 6); sets <- c(sets, list(d))
d <- make("perfect separation, inverted", 40, .5, 6); d$s <- round(ifelse(d$y == 0, .6 + .4 * d$s, .4 * d$s), 6); sets <- c(sets, list(d))
d <- make("separation with one tie", 30, .5, 6); d$s <- round(ifelse(d$y == 1, .5 + .5 * d$s, .5 * d$s), 6); d$s[which(d$y == 1)[1]] <- .5; d$s[which(d$y == 0)[1]] <- .5; sets <- c(sets, list(d))
d <- make("constant scores", 24, .5, 4); d$s[] <- .3; sets <- c(sets, list(d))
d <- make("raters agree on all", 30, .5, 4); d$rb <- d$ra; d$rc <- d$ra; sets <- c(sets, list(d))
d <- make("raters say one thing", 30, .5, 4); d$ra[] <- 0L; d$rb[] <- 0L; d$rc[] <- 0L; sets <- c(sets, list(d))
d <- make("equal models", 40, .5, 3); d$s2 <- d$s; sets <- c(sets, list(d))
d <- make("probabilities of 0 and 1 among others", 50, .5, 2); d$s[c(1, 7, 13)] <- c(0, 1, 1); sets <- c(sets, list(d))

# ---- reader studies: pROC's covariances, aov's mean squares, Hillis's formulas
study <- function(name, t, r, n, digits) {
  y <- as.integer(seq_len(n) <= n / 2); latent <- rnorm(n, 1.2 * y)
  ratings <- lapply(seq_len(t * r), function(k) round(plogis(latent + rnorm(1, 0, .2) + rnorm(n, .15 * ((k - 1) %/% r) * y, .8)), digits))
  curves <- lapply(ratings, function(s) roc(y, s, direction = "<", quiet = TRUE))
  a <- sapply(curves, function(c) as.numeric(auc(c)))
  v <- outer(seq_along(a), seq_along(a), Vectorize(function(i, j) if (i == j) var(curves[[i]], method = "delong") else cov(curves[[i]], curves[[j]], method = "delong")))
  trt <- factor(rep(seq_len(t), each = r)); rdr <- factor(rep(seq_len(r), t))
  ms <- summary(aov(a ~ trt * rdr))[[1]][["Mean Sq"]]
  st <- outer(trt, trt, "=="); sr <- outer(rdr, rdr, "==")
  err <- mean(v[st & sr]); c1 <- mean(v[!st & sr]); c2 <- mean(v[st & !sr]); c3 <- mean(v[!st & !sr])
  den <- ms[3] + r * max(c2 - c3, 0); df2 <- den^2 / (ms[3]^2 / ((t - 1) * (r - 1)))
  fix <- err - c1 + (r - 1) * (c2 - c3)
  # the model is the first, the readers are the others
  contrast <- cbind(1, -diag(length(a) - 1)); dv <- contrast %*% v %*% t(contrast); dd <- contrast %*% a
  k <- length(dd); msr <- var(c(dd)); off <- mean(dv[row(dv) != col(dv)])
  noise <- msr + k * max(off, 0); hdf <- noise^2 / (msr^2 / (k - 1)); fixed <- mean(diag(dv)) + (k - 1) * max(off, 0)
  list(name = name, treatments = t, readers = r, positive = I(y), ratings = lapply(ratings, I), auc = I(a), covariance = v,
    meanSquares = ms[1:3], errors = c(err, c1, c2, c3),
    random = list(f = ms[1] / den, df2 = df2, p = pf(ms[1] / den, t - 1, df2, lower.tail = FALSE), reach = qt(.975, df2) * sqrt(2 / r * den)),
    fixed = if (fix > 0) list(x2 = (t - 1) * ms[1] / fix, p = pchisq((t - 1) * ms[1] / fix, t - 1, lower.tail = FALSE), reach = qnorm(.975) * sqrt(2 / r * fix)),
    model = list(value = mean(dd), df = hdf, reach = qt(.975, hdf) * sqrt(noise / k), p = 2 * pt(-abs(mean(dd) / sqrt(noise / k)), hdf),
      fixedReach = qnorm(.975) * sqrt(fixed / k), fixedP = 2 * pnorm(-abs(mean(dd) / sqrt(fixed / k)))))
}
studies <- list(study("two by five", 2, 5, 60, 3), study("three by four, ties", 3, 4, 40, 1), study("two by two", 2, 2, 30, 2))

cat('{"sets":[\n', paste(vapply(sets, function(d) json(run(d)), ""), collapse = ",\n"), '\n],"studies":[\n',
  paste(vapply(studies, json, ""), collapse = ",\n"), "\n]}\n", sep = "")
