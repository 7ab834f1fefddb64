package convention

// RightFile returns the file of a random program with a right gradient, and what the program is.
func RightFile(n int) (text string, digits int, says []string) {
	digits = []int{17, 8, 9, 4, 3}[n%5]
	f := &file{program: newProgram(uint64(n)), writer: writer{digits: digits}, truth: make(map[string][]float64)}
	text = f.text()
	return text, digits, f.says
}
