// An LSTM and a linear layer, written out. cc -O2 -o lstm lstm.c -lm && ./lstm
// With the argument wrong, the forget gate's gradient has the new state of the cell for the old one.
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { X = 2, H = 3, O = 2, K = X + H, STEPS = 7 };

static double W[4 * H][K], b[4 * H], V[O][H], d[O];  // gates i f o g; [x; h]
static double gW[4 * H][K], gb[4 * H], gV[O][H], gd[O];
static double in[STEPS][X], want[STEPS][O];
static double xh[STEPS][K], gate[STEPS][4 * H], c[STEPS + 1][H], h[STEPS + 1][H], y[STEPS][O];

static double uniform(void) {  // from -1 to 1
	static unsigned seed = 12345;
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) / 8388608.0 - 1;
}

static void fill(double *v, int n, double scale) {
	for (int k = 0; k < n; k++) v[k] = scale * uniform();
}

static double forward(void) {
	double loss = 0;
	for (int t = 0; t < STEPS; t++) {
		memcpy(xh[t], in[t], sizeof in[t]);
		memcpy(xh[t] + X, h[t], sizeof h[t]);
		for (int j = 0; j < 4 * H; j++) {
			double z = b[j];
			for (int k = 0; k < K; k++) z += W[j][k] * xh[t][k];
			gate[t][j] = j < 3 * H ? 1 / (1 + exp(-z)) : tanh(z);
		}
		double *i = gate[t], *f = i + H, *o = f + H, *g = o + H;
		for (int j = 0; j < H; j++) {
			c[t + 1][j] = f[j] * c[t][j] + i[j] * g[j];
			h[t + 1][j] = o[j] * tanh(c[t + 1][j]);
		}
		for (int k = 0; k < O; k++) {
			y[t][k] = d[k];
			for (int j = 0; j < H; j++) y[t][k] += V[k][j] * h[t + 1][j];
			loss += 0.5 * (y[t][k] - want[t][k]) * (y[t][k] - want[t][k]);
		}
	}
	return loss;
}

static void backward(int wrong) {
	double dh[H] = {0}, dc[H] = {0}, dz[4 * H];
	for (int t = STEPS - 1; t >= 0; t--) {
		for (int k = 0; k < O; k++) {
			double dy = y[t][k] - want[t][k];
			gd[k] += dy;
			for (int j = 0; j < H; j++) {
				gV[k][j] += dy * h[t + 1][j];
				dh[j] += dy * V[k][j];
			}
		}
		double *i = gate[t], *f = i + H, *o = f + H, *g = o + H;
		for (int j = 0; j < H; j++) {
			double tc = tanh(c[t + 1][j]);
			dc[j] += dh[j] * o[j] * (1 - tc * tc);
			dz[j] = dc[j] * g[j] * i[j] * (1 - i[j]);
			dz[H + j] = dc[j] * c[t + wrong][j] * f[j] * (1 - f[j]);
			dz[2 * H + j] = dh[j] * tc * o[j] * (1 - o[j]);
			dz[3 * H + j] = dc[j] * i[j] * (1 - g[j] * g[j]);
			dc[j] *= f[j];
		}
		memset(dh, 0, sizeof dh);
		for (int j = 0; j < 4 * H; j++) {
			gb[j] += dz[j];
			for (int k = 0; k < K; k++) gW[j][k] += dz[j] * xh[t][k];
			for (int k = 0; k < H; k++) dh[k] += dz[j] * W[j][X + k];
		}
	}
}

struct param { const char *name; double *value, *grad; int rows, cols; };  // a vector has one column

static void serve(double (*loss)(void), struct param *p, int n, double value) {  // value: the loss that came with the gradient
	char line[300], name[200]; int i, k; double v;
	for (k = 0; k < 2 * n; k++) {  // the n values, then the n gradients
		struct param a = p[k % n];
		printf("%s\"%s\": [[", k == 0 ? "{\"params\": {" : k == n ? "]]}, \"grads\": {" : "]], ", a.name);
		for (i = 0; i < a.rows * a.cols; i++) printf("%s%.17g", i % a.cols ? ", " : i ? "], [" : "", (k < n ? a.value : a.grad)[i]);
	}
	for (printf("]]}, \"loss\": %.17g}\n", value); fflush(stdout), fgets(line, sizeof line, stdin);)
		if (sscanf(line, "set %199s %d %lf", name, &i, &v) < 3) printf("%.17g\n", loss());
		else for (k = 0; k < n; k++) if (!strcmp(p[k].name, name)) p[k].value[i] = v;
}

int main(int argc, char **argv) {
	fill(W[0], 4 * H * K, 0.8);
	fill(b, 4 * H, 0.3);
	fill(V[0], O * H, 1);
	fill(d, O, 0.3);
	fill(in[0], STEPS * X, 1.5);
	fill(want[0], STEPS * O, 1);
	double value = forward();
	backward(argc > 1 && !strcmp(argv[1], "wrong"));
	struct param params[] = {{"W", W[0], gW[0], 4 * H, K}, {"b", b, gb, 4 * H, 1}, {"V", V[0], gV[0], O, H}, {"d", d, gd, O, 1}};
	serve(forward, params, 4, value);
	return 0;
}
