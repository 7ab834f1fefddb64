// Three tanh neurons and their sum. c++ -O2 -o example example.cpp && ./example, or ./example wrong
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>
#include <string>
#include <vector>
#include "serve.hpp"

struct Net {
	std::vector<double> W{0.8, -0.4, 0.3, 0.9, -0.7, 0.2}, b{0.1, -0.2, 0.05}, v{1.1, -0.6, 0.7};
};

int main(int argc, char **argv) {
	bool wrong = argc > 1 && std::string(argv[1]) == "wrong";
	const double x[2][2] = {{0.5, -1.2}, {1.5, 0.3}}, t[2] = {0.4, -1.0};
	Net p, d{{0, 0, 0, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
	double a[2][3], y[2];
	auto forward = [&] {
		double loss = 0;
		for (int n = 0; n < 2; n++) {
			y[n] = 0;
			for (int j = 0; j < 3; j++) {
				a[n][j] = std::tanh(p.W[2 * j] * x[n][0] + p.W[2 * j + 1] * x[n][1] + p.b[j]);
				y[n] += p.v[j] * a[n][j];
			}
			loss += 0.5 * (y[n] - t[n]) * (y[n] - t[n]);
		}
		return loss;
	};
	double value = forward();
	for (int n = 0; n < 2; n++)
		for (int j = 0; j < 3; j++) {
			double dy = y[n] - t[n], dz = dy * p.v[j] * (wrong ? 1 : 1 - a[n][j] * a[n][j]);
			d.v[j] += dy * a[n][j];
			d.b[j] += dz;
			for (int k = 0; k < 2; k++) d.W[2 * j + k] += dz * x[n][k];
		}
	std::vector<Param> params{{"W", p.W.data(), d.W.data(), 3, 2}, {"b", p.b.data(), d.b.data(), 3, 1}, {"v", p.v.data(), d.v.data(), 3, 1}};
	serve(forward, params, value);
}
