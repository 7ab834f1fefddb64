# Three tanh neurons and their sum. Rscript example.R, or Rscript example.R wrong
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "serve.R"))

x <- rbind(c(0.5, -1.2), c(1.5, 0.3))
t <- c(0.4, -1.0)
params <- list(W = rbind(c(0.8, -0.4), c(0.3, 0.9), c(-0.7, 0.2)), b = c(0.1, -0.2, 0.05), v = c(1.1, -0.6, 0.7))

forward <- function(p) {
  a <- tanh(sweep(x %*% base::t(p$W), 2, p$b, "+"))
  y <- drop(a %*% p$v)
  list(loss = 0.5 * sum((y - t)^2), a = a, y = y)
}

f <- forward(params)
dy <- f$y - t
dz <- outer(dy, params$v)
if (!"wrong" %in% commandArgs(TRUE)) dz <- dz * (1 - f$a^2)
grads <- list(W = base::t(dz) %*% x, b = colSums(dz), v = drop(base::t(f$a) %*% dy))
serve(function(p) forward(p)$loss, params, grads, f$loss)
