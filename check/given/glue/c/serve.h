// C: paste this above main; call it last. It needs <stdio.h> and <string.h>. Arrays are stored row by row.
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
