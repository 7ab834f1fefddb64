// Package museum shows the usual mistakes in the gradient of an LSTM, and in a check of it: each with its effect on a
// check and on training.
//
//	go run . museum              lists the exhibits
//	go run . museum no-forget    shows one exhibit
//	go run . museum all          tries all exhibits
package museum

import "lstm/check/mistake"

// Known reports whether Show accepts the name.
func Known(name string) bool { return name == "" || name == "all" || mistake.Find(name) != nil }
