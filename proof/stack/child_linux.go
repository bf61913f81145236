package stack

import "syscall"

// endsWithUs has the kernel stop the child when we are killed.
func endsWithUs(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGTERM }
