//go:build !unix

package safetensors

func syncDir(string) error { return nil } // directories cannot be synced here
