package main

import (
	"fmt"
	"os"
	"strings"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	pdf := must(os.ReadFile(os.Args[1]))
	business := map[string]string{"guarantee_pdf_hash": hash(pdf)}
	for _, pair := range os.Args[3:] {
		name, value, _ := strings.Cut(pair, "=")
		business[name] = value
	}
	fmt.Println("amount", amount("1234.5"))
	fmt.Println("list", must(list([]string{"施工", `a/b"`})))
	fields := map[string]string{"access_token": must(token()),
		"param": must(message("insurer_push_guarantee", business))}
	fmt.Println("answer", must(postFile(fields, "guarantee_pdf", pdf)))
	panic(serve("127.0.0.1:"+os.Args[2], func(params map[string]string) {
		fmt.Println("push", params["order_no"])
	}))
}
