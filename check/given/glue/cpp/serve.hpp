// C++: paste this above main; call it last. It needs <cstdio>, <functional>, <iostream>, <string>, <vector>. Arrays are stored
// row by row: Eigen's matrices are not, unless they are RowMajor.
struct Param { std::string name; double *value, *grad; int rows, cols; };  // a vector has one column

void serve(std::function<double()> loss, std::vector<Param> params, double value) {  // value: the loss that came with the gradient
	for (size_t k = 0, n = params.size(); k < 2 * n; k++) {  // the n values, then the n gradients
		Param &p = params[k % n];
		std::printf("%s\"%s\": [[", k == 0 ? "{\"params\": {" : k == n ? "]]}, \"grads\": {" : "]], ", p.name.c_str());
		for (int i = 0; i < p.rows * p.cols; i++) std::printf("%s%.17g", i % p.cols ? ", " : i ? "], [" : "", (k < n ? p.value : p.grad)[i]);
	}
	std::string word, name; long i; double v;
	for (std::printf("]]}, \"loss\": %.17g}\n", value); std::fflush(stdout), std::cin >> word;)
		if (word == "loss") std::printf("%.17g\n", loss());
		else if (std::cin >> name >> i >> v) for (Param &p : params) if (p.name == name) p.value[i] = v;
}
