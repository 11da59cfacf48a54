import ArenaTestSupport
import Foundation
import Testing

/// What the system refuses: an error that says what to do, a store that is as it was, and work that
/// goes on when the cause is gone.
@Suite struct FaultTests {
  private let program = IndexProgram()

  /// Whether file systems can be mounted here, in a namespace of their own.
  private static let canMount =
    (try? ChildProcess("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).exitCode) == 0

  /// Documents with many different words, so that the index is as large as they are.
  private func documents(_ numbers: Range<Int>) throws -> String {
    let lines = TestDocuments.lines(numbers) { number in
      (0..<40).map { "w\(number * 40 + $0)" }.joined(separator: " ")
    }
    return try program.directory.write(lines, to: "\(numbers).ndjson")
  }

  /// Runs a shell script in which `arena-index` is the program, with a store of its own. A command
  /// that is to fail has its exit code compared: `fails 74 add …`, and its message kept in
  /// `$errors`.
  private func script(_ text: String, mounting: Bool = false) throws -> ChildProcess {
    let prelude = """
      set -u
      program="\(IndexProgram.path)"
      index() { "$program" "$@" --store "$store"; }
      works() { index "$@" >output 2>errors || { echo "FAILED: $*: $?"; cat errors; exit 1; }; }
      fails() {
        wanted=$1; shift; code=0
        index "$@" >output 2>errors || code=$?
        [ $code -eq $wanted ] || { echo "FAILED: $*: exit code $code"; cat errors; exit 1; }
      }
      says() { grep -qi -- "$1" errors || { echo "FAILED: no '$1' in:"; cat errors; exit 1; }; }
      holds() { works stats "$1" --json; grep -q "\\"documents\\":$2," output || { echo "FAILED: not $2 documents:"; cat output; exit 1; }; works verify; }
      cd "\(program.directory.path)"
      store="\(program.store)"

      """
    let path = try program.directory.write(prelude + text + "\necho FINE\n", to: "script.sh")
    return mounting
      ? try ChildProcess("unshare", ["-rm", "bash", path])
      : try ChildProcess("bash", [path])
  }

  private func expectFine(
    _ result: ChildProcess, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      result.output.hasSuffix("FINE\n"), "\(result.output)\(result.errors)",
      sourceLocation: sourceLocation)
  }

  @Test(.enabled(if: canMount)) func aFullDeviceLosesNothingAndWorkGoesOnWhenThereIsSpace() throws {
    let (small, large) = (try documents(0..<100), try documents(0..<12_000))
    expectFine(
      try script(
        """
        mkdir device && mount -t tmpfs -o size=3m tmpfs device && store=device/store
        works add books "\(small)"
        fails 74 add books "\(large)" --memory 16MB
        says "No space left"; says "free space"
        holds books 100
        fails 74 enqueue add books "\(large)"
        says "free space"
        [ -z "$(ls device/store/payloads)" ] || { echo "FAILED: half an input is left"; exit 1; }
        mount -o remount,size=6m device
        works enqueue add books "\(small)"
        head -c 100000000 /dev/zero >device/filler 2>/dev/null
        fails 74 run --until-empty
        says "No space left"
        rm device/filler; mount -o remount,size=200m device
        works run --until-empty
        works add books "\(large)" --memory 16MB
        holds books 12000
        [ "$(ls device/store/indexes | wc -l)" = 1 ] || { echo "FAILED: a directory is left"; exit 1; }
        """, mounting: true))
  }

  @Test func aLimitOfFileSizesIsToldLikeAFullDevice() throws {
    let (small, large) = (try documents(0..<100), try documents(0..<5_000))
    expectFine(
      try script(
        """
        works add books "\(small)"
        (ulimit -f 1000; fails 74 add books "\(large)"; says "File too large"; says "ulimit -f") || exit 1
        holds books 100
        works add books "\(large)"
        holds books 5000
        """))
  }

  @Test func tooFewFileDescriptorsAreToldWithWhatToDo() throws {
    let small = try documents(0..<10)
    expectFine(
      try script(
        """
        works add books "\(small)"
        for limit in 6 8 10 12 14 16 20; do
          for command in "search books w1" "add books \(small)" "verify"; do
            (ulimit -n $limit; code=0; index $command >output 2>errors || code=$?
             [ $code -eq 0 ] || { [ $code -eq 74 ] && grep -q "ulimit -n" errors; } || {
               echo "FAILED: $command with $limit descriptors: $code"; cat errors; exit 1; }) || exit 1
          done
        done
        (ulimit -n 20; works search books w1) || exit 1
        holds books 10
        """))
  }

  @Test(.enabled(if: canMount)) func aStoreOnAReadOnlyFileSystemIsRead() throws {
    let small = try documents(0..<100)
    expectFine(
      try script(
        """
        works add books "\(small)"; works create empty
        mount --bind "$store" "$store" && mount -o remount,bind,ro "$store"
        holds books 100
        works get books 7; works dump books; works list; works tasks; works stats empty
        for command in "add books \(small)" "delete books 1" "create new" "drop books" "compact books" \\
          "rename books other" "enqueue drop books" "run --until-empty"; do
          fails 74 $command
          says "read-only"
        done
        umount "$store"
        works delete books 1
        """, mounting: true))
  }

  @Test func aPathWithSpacesAndLettersOfOtherAlphabetsIsAPath() throws {
    let small = try documents(0..<10)
    expectFine(
      try script(
        #"""
        store="with spaces/Ünïcode ﬁne 東京 'q' \"d\" *"; mkdir "with spaces"
        works add books "\#(small)"; works enqueue add books "\#(small)"; works run --until-empty
        works compact books
        holds books 10
        """#))
  }

  @Test func twoProgramsOnOneIndexWaitForNoOneForever() throws {
    let small = try documents(0..<10)
    expectFine(
      try script(
        """
        works add books "\(small)"
        mkfifo input; (index add books - <input >/dev/null 2>&1) & exec 9>input
        for attempt in $(seq 600); do
          flock -n "$store"/indexes/*/writer.lock true || break; sleep 0.05
        done
        fails 75 add books "\(small)" --wait 0.1
        says "another program is writing"; says "try again"
        holds books 10
        fails 75 drop books --wait 0
        fails 64 drop books --wait -1
        works add others "\(small)"
        echo '{"id": 77}' >&9; exec 9>&-; wait
        holds books 11
        """))
  }

  /// Whoever came second failed at once.
  @Test func aWriterWaitsForTheOneBeforeIt() throws {
    let small = try documents(0..<10)
    expectFine(
      try script(
        """
        works add books "\(small)"
        mkfifo input; (index add books - <input >/dev/null 2>&1) & first=$!; exec 9>input
        for attempt in $(seq 600); do
          flock -n "$store"/indexes/*/writer.lock true || break; sleep 0.05
        done
        (echo '{"id": 78}' | "$program" add books --wait 100 --store "$store" >second 2>&1; echo $? >>second) 9>&- & second=$!
        ("$program" delete books 3 --wait 100 --store "$store" >third 2>&1; echo $? >>third) 9>&- & third=$!
        # Both look at the lock before it is free.
        for pid in $second $third; do
          for attempt in $(seq 600); do
            child=$(pgrep -P $pid arena-index) && ls -l /proc/$child/fd | grep -q "$store/" && break; sleep 0.05
          done
        done
        [ "$(cat second third)" = "" ] || { echo "FAILED: somebody did not wait"; cat second third; exit 1; }
        echo '{"id": 77}' >&9; exec 9>&-; wait $first $second $third
        [ "$(tail -qn 1 second third | tr '\\n' ' ')" = "0 0 " ] || { echo "FAILED:"; cat second third; exit 1; }
        holds books 11
        works get books 78; works get books 77
        """))
  }

  /// Each of these has to be written down before anything is removed, for which there was no room.
  @Test(.enabled(if: canMount), arguments: ["drop a", "tasks cancel 1", "tasks prune"])
  func aDeviceThatIsFullCanBeEmptied(command: String) throws {
    let small = try documents(0..<100)
    expectFine(
      try script(
        """
        for reserve in without with; do
          mkdir $reserve && mount -t tmpfs -o size=20m tmpfs $reserve && store=$reserve/store
          works add a "\(small)"
          case "\(command)" in
            drop*) works add b "\(small)" ;;
            *cancel*) works enqueue add a "\(small)" ;;
            *prune*) works enqueue add a "\(small)"; works tasks cancel 1 ;;
          esac
          [ $reserve = with ] || rm "$store/catalog/reserve"
          head -c 100000000 /dev/zero >$reserve/filler 2>/dev/null
          if [ $reserve = without ]; then
            fails 74 \(command); says "free space"
          else
            works \(command)
            [ "$(ls "$store/payloads")" = "" ] || { echo "FAILED: input is left"; exit 1; }
            rm with/filler; works add a "\(small)"; holds a 100
            [ -s "$store/catalog/reserve" ] || { echo "FAILED: nothing is kept for the next time"; exit 1; }
          fi
        done
        """, mounting: true))
  }

  /// A program of another user, to whom nothing is forbidden but to write.
  private static let reader =
    geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""

  private static let hasReader =
    geteuid() != 0
    || (try? ChildProcess(
      "setpriv",
      ["--reuid=65534", "--regid=65534", "--clear-groups", IndexProgram.path, "--version"]
    ).exitCode) == 0

  @Test(.enabled(if: hasReader)) func aStoreThatMayOnlyBeReadIsSearched() throws {
    let small = try documents(0..<100)
    expectFine(
      try script(
        """
        works add books "\(small)"; works create empty; works enqueue drop empty
        chmod a+rx . && chmod -R a-w,a+rX "$store"
        before=$(find "$store" -printf '%p %s %T@\\n' | sort)
        own=$(declare -f index); index() { \(Self.reader) "$program" "$@" --store "$store"; }
        for command in "search books w1" "get books 7" "dump books" "list" "tasks" "stats empty" "stats" "verify"; do
          works $command
        done
        holds books 100
        for command in "add books \(small)" "delete books 1" "create new" "drop books" "compact books" \\
          "rename books other" "enqueue drop books" "run --until-empty"; do
          fails 74 $command
          says "permission"
        done
        [ "$before" = "$(find "$store" -printf '%p %s %T@\\n' | sort)" ] || { echo "FAILED: it was written to"; exit 1; }
        [ -z "$(ls -d "${TMPDIR:-/tmp}"/arena-store-* 2>/dev/null)" ] || { echo "FAILED: a copy is left"; exit 1; }
        # Who reads keeps writers away for as long as it reads, and nobody else.
        chmod -R u+w "$store"; eval "$own"
        works delete books 1; works add books "\(small)"
        holds books 100
        """))
  }

  /// Until the readers of programs that were killed are cleared, no page they saw is used again.
  @Test func aReaderThatWasKilledDoesNotMakeTheFileGrow() throws {
    let documents = try documents(0..<1_000)
    expectFine(
      try script(
        """
        works add books "\(documents)"
        mkfifo pipe; exec 8<>pipe
        for attempt in 1 2 3; do
          "$program" dump books --store "$store" >pipe 2>/dev/null & reader=$!
          sleep 0.3; kill -9 $reader; wait $reader
        done
        for round in $(seq 8); do works add books "\(documents)"; done
        before=$(stat -c %s "$store"/indexes/*/data.mdb)
        for round in $(seq 8); do works add books "\(documents)"; done
        after=$(stat -c %s "$store"/indexes/*/data.mdb)
        [ $after -le $((before * 3 / 2)) ] || { echo "FAILED: from $before to $after bytes"; exit 1; }
        holds books 1000
        """))
  }

  /// A directory that another program had just given a name was taken for abandoned: its index was
  /// in the list, and its files were gone.
  @Test func indexesThatManyProgramsMakeAtOnceKeepTheirFiles() throws {
    let small = try documents(0..<1)
    expectFine(
      try script(
        """
        seq 200 | xargs -P 6 -I{} "$program" add i{} "\(small)" --quiet --store "$store" 2>errors ||
          { echo "FAILED:"; head errors; exit 1; }
        works list --json
        named=$(wc -l <output); there=$(ls "$store/indexes" | wc -l)
        [ $named -eq 200 ] && [ $there -eq 200 ] ||
          { echo "FAILED: $named indexes, $there directories"; exit 1; }
        works verify
        """))
  }
}
