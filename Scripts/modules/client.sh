# Makes packages that depend on this one, by path and by URL, as README says, and runs README's program in them.
#
# Usage: Scripts/check-install client [URL]
#   URL    where this repository can be cloned from; a copy of the working tree with a commit of its own by default
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
url=${1:-}
if [ -z "$url" ]; then
  mkdir "$work/bump-arena"
  git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents -t "$work/bump-arena"
  git -C "$work/bump-arena" init --quiet --initial-branch main
  git -C "$work/bump-arena" add --all
  git -C "$work/bump-arena" -c user.name=client -c user.email=client@localhost commit --quiet --message "A copy"
  url="file://$work/bump-arena"
fi

# Makes the package DIRECTORY whose manifest depends on this one by DEPENDENCY, with README's products and its first program.
make_package() {
  mkdir -p "$1/Sources/words"
  {
    printf '// swift-tools-version: 6.2\nimport PackageDescription\n\nlet package = Package(\n  name: "words",\n'
    sed -n '/^  dependencies: \[$/,/^```$/{/^```$/!p}' README.md | sed "s|\.package(url: .*)|$2|"
    echo ')'
  } >"$1/Package.swift"
  sed '/^\/\/ snippet.hide/,$d' Snippets/ArenaCollections/CountWords.swift >"$1/Sources/words/main.swift"
}

for kind in path url; do
  # SwiftPM calls a package in a directory by the directory's name.
  case $kind in
    path) mkdir -p "$work/near" && ln -sfn "$PWD" "$work/near/bump-arena" && dependency=".package(path: \"$work/near/bump-arena\")" ;;
    url) dependency=".package(url: \"$url\", branch: \"main\")" ;;
  esac
  make_package "$work/$kind" "$dependency"
  began=$SECONDS
  (cd "$work/$kind" && swift build) >"$work/log" 2>&1 || { cat "$work/$kind/Package.swift" "$work/log" >&2; exit 1; }
  said=$("$work/$kind/.build/debug/words")
  [ "$said" = "$(sed -n '/^\/\/ Prints:/,$p' Snippets/ArenaCollections/CountWords.swift | sed '1d; s|^// ||')" ] ||
    { echo "the program printed: $said" >&2; exit 1; }
  echo "a package that depends on this one by $kind: built and run in $((SECONDS - began)) s"
done
