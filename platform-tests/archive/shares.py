"""Prints each median of the rounds' seconds from disk and from the archive, the first round left out, and what it makes of the bar."""
import statistics
import sys

rounds = [tuple(map(float, line.split()[1:])) for line in open(sys.argv[1])][1:]
if not rounds:
    sys.exit("ROUNDS must be at least 2: the first one warms up")
shares = [100 * disk / net for disk, net in rounds]
share = statistics.median(shares)
print("medians of %d rounds: from disk %.1f s, from the archive %.1f s; share of the throughput %.0f %% (%.0f to %.0f)" % (
    len(rounds), statistics.median(d for d, _ in rounds), statistics.median(n for _, n in rounds), share, min(shares), max(shares)))
if share < float(sys.argv[2]):
    print("less than %s %% (on a busy machine that says little)" % sys.argv[2])
