package process

import "syscall"

func setLastWord(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }
