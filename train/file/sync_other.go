//go:build !unix

package file

func syncDir(string) error { return nil } // these systems cannot sync directories
