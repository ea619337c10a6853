// A third reader, of checkpoints alone: golang.org/x/mod/sumdb/note knows signed notes and nothing of custody.
// It is given checkpoint.json and says for which notes it disagrees with `stock`; run by tests/ledger where Go is here.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

type vectors struct {
	Verifier string `json:"verifier_key"`
	Cases    []struct {
		Name, Note, Find, Put string
		Stock                 bool
	}
}

func main() {
	var told vectors
	data, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(data, &told)
	}
	verifier, fault := note.NewVerifier(told.Verifier)
	if err != nil || fault != nil {
		fmt.Println(err, fault)
		os.Exit(1)
	}
	wrong := 0
	for _, one := range told.Cases {
		text := one.Note
		if text == "" {
			text = strings.Replace(told.Cases[0].Note, one.Find, one.Put, 1)
		}
		_, err := note.Open([]byte(text), note.VerifierList(verifier))
		if (err == nil) != one.Stock {
			wrong++
			fmt.Println(one.Name, err)
		}
	}
	fmt.Printf("%d notes, %d wrong\n", len(told.Cases), wrong)
	if wrong > 0 {
		os.Exit(1)
	}
}
