package proof

// CheckUntil works like Check, but returns false as soon as stop is closed. Then the proof must not be used
// any more.
func (p *Proof) CheckUntil(stop <-chan struct{}, fast bool, limit int, seed uint32, progress func(done, total int)) (done bool, err error) {
	news, end := make(chan [2]int), make(chan error, 1)
	go func() {
		end <- p.Check(fast, limit, seed, func(done, total int) {
			select {
			case news <- [2]int{done, total}:
			case <-stop:
			}
		})
	}()
	for {
		select {
		case n := <-news:
			progress(n[0], n[1])
		case err := <-end:
			return true, err
		case <-stop:
			return false, nil
		}
	}
}
