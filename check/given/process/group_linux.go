package process

import "syscall"

func init() { apart.Pdeathsig = syscall.SIGKILL }
