#!/bin/sh
# Stands in for the archiver where Rust for another system is only type-checked: makes the empty library that a build script looks for.
for argument; do
  case "$argument" in
    -out:* | /out:* | -OUT:* | /OUT:*) : >"${argument#?????}" ;;
  esac
done
