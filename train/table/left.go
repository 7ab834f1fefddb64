package table

// A leftover is a kind of rows that were left out, with the numbers of their lines.
type leftover struct {
	what  string
	lines []int
}

// leftovers are what was left out, in the order of the file.
type leftovers []leftover

func (l *leftovers) add(what string, line int) {
	for i := range *l {
		if (*l)[i].what == what {
			(*l)[i].lines = append((*l)[i].lines, line)
			return
		}
	}
	*l = append(*l, leftover{what, []int{line}})
}

// says returns what was left out, with the lines.
func (l leftovers) says() (all []string) {
	for _, x := range l {
		all = append(all, x.what+" ("+lines(x.lines)+")")
	}
	return all
}
