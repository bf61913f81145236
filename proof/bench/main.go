// Command bench measures the product under an open loop of a six-step dialogue: how long it is from the delivery of an
// update to the acceptance of the reply, how many steps a second it holds, and what that costs. It judges nothing.
//
//	go run ./proof/bench
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type options struct {
	measure time.Duration // of one figure
	climb   time.Duration // of one rate on the way up
	top     int           // steps a second at which the climb ends

	yardOnly bool
}

func main() {
	var o options
	flag.DurationVar(&o.measure, "measure", 40*time.Second, "how long 30 steps/s are measured, four times")
	flag.DurationVar(&o.climb, "climb", 20*time.Second, "how long each higher rate is held")
	flag.IntVar(&o.top, "top", 300, "steps/s beyond which nothing is tried")
	flag.BoolVar(&o.yardOnly, "yard", false, "only measure the yard's pages and statements")
	flag.Parse()
	log.SetFlags(log.Ltime)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r, err := run(ctx, o, log.Printf)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r)
}
