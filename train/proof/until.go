package proof

// CheckUntil works like Check, but returns false as soon as stop is closed. Then the proof must not be used
// any more.
func (p *Proof) CheckUntil(stop <-chan struct{}, fast bool, limit int, seed uint32, progress func(done, total int)) (done bool, err error) {
	news, found, end := make(chan [2]int), make(chan [2]int), make(chan error, 1)
	to := func(c chan [2]int) func(done, total int) {
		return func(done, total int) {
			select {
			case c <- [2]int{done, total}:
			case <-stop:
			}
		}
	}
	searching := p.Searching
	if searching != nil {
		p.Searching = to(found)
	}
	go func() { end <- p.Check(fast, limit, seed, to(news)) }()
	for {
		select {
		case n := <-news:
			progress(n[0], n[1])
		case n := <-found:
			searching(n[0], n[1])
		case err := <-end:
			return true, err
		case <-stop:
			return false, nil
		}
	}
}
