//go:build !unix

package file

func syncDir(string) error { return nil } // directories cannot be synced here
