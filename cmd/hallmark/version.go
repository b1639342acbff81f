package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints the version this binary was built from.
func (versionCmd) Run(std streams) error {
	version := "(devel)"
	goVersion := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version, goVersion = info.Main.Version, info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				version += " " + s.Value
			}
		}
	}
	_, err := fmt.Fprintf(std.out, "hallmark %s %s\n", version, goVersion)
	return err
}
