#!/usr/bin/env python3
"""Does a dependency ask for a newer Rust than this workspace promises to be content with?

usage: cargo metadata --locked --all-features --format-version 1 | rust_versions.py

Works without that Rust, and for the features that no check here compiles. Exits with 1 if one does, and names it.
"""
import json
import sys


def number(version):
    return tuple(int(part) for part in (version.split("-")[0].split(".") + ["0", "0"])[:3])


metadata = json.load(sys.stdin)
members = set(metadata["workspace_members"])
ours = min((package["rust_version"] for package in metadata["packages"] if package["id"] in members), key=number)
dependencies = [package for package in metadata["packages"] if package["id"] not in members]
newer = [package for package in dependencies if number(package["rust_version"] or "0") > number(ours)]
for package in newer:
    print(f"{package['name']} {package['version']} needs Rust {package['rust_version']}, and this workspace says {ours}")
print(f"{len(dependencies)} dependencies, {len(newer)} of them need a newer Rust than {ours}")
sys.exit(1 if newer else 0)
