// Three tanh neurons and their sum. cc -O2 -o example example.c -lm && ./example, or ./example wrong
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "serve.h"

static double x[2][2] = {{0.5, -1.2}, {1.5, 0.3}}, t[2] = {0.4, -1.0};
static double W[3][2] = {{0.8, -0.4}, {0.3, 0.9}, {-0.7, 0.2}}, b[3] = {0.1, -0.2, 0.05}, v[3] = {1.1, -0.6, 0.7};
static double dW[3][2], db[3], dv[3];
static double a[2][3], y[2];

static double forward(void) {
	double loss = 0;
	for (int n = 0; n < 2; n++) {
		y[n] = 0;
		for (int j = 0; j < 3; j++) {
			a[n][j] = tanh(W[j][0] * x[n][0] + W[j][1] * x[n][1] + b[j]);
			y[n] += v[j] * a[n][j];
		}
		loss += 0.5 * (y[n] - t[n]) * (y[n] - t[n]);
	}
	return loss;
}

int main(int argc, char **argv) {
	int wrong = argc > 1 && !strcmp(argv[1], "wrong");
	double value = forward();
	for (int n = 0; n < 2; n++)
		for (int j = 0; j < 3; j++) {
			double dy = y[n] - t[n], dz = dy * v[j] * (wrong ? 1 : 1 - a[n][j] * a[n][j]);
			dv[j] += dy * a[n][j];
			db[j] += dz;
			for (int k = 0; k < 2; k++) dW[j][k] += dz * x[n][k];
		}
	struct param params[] = {{"W", W[0], dW[0], 3, 2}, {"b", b, db, 3, 1}, {"v", v, dv, 3, 1}};
	serve(forward, params, 3, value);
	return 0;
}
