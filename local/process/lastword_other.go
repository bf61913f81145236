//go:build !linux

package process

import "syscall"

func setLastWord(*syscall.SysProcAttr, syscall.Signal) {}
