#!/usr/bin/env bash
# Times a training step beside PyTorch and JAX, in alternation, each run a process of its own.
#
#     Tests/Benchmarks/compare.sh PEERS PYTHON [ROUNDS]
#
# PEERS holds torch_bench.py and jax_bench.py, PYTHON has torch, jax, optax and numpy. Prints the median over
# the rounds of each program's median step, in milliseconds, and the ratio of ours to each of theirs.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//'; exit 2; }
peers=$(cd "$1" && pwd) python=$2 rounds=${3:-5}
here=$(cd "$(dirname "$0")" && pwd)
program=${DEEPGEN:-$here/../../.build/release/deepgen-repl}

peer() { (cd "$peers" && "$python" "$@" | sed -n 's/.*"ms_per_step_median": \([0-9.]*\).*/\1/p'); }
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

for size in mnist digits; do
  workload=$([ $size = mnist ] && echo vae_mlp || echo vae_digits)
  for threads in 2 1; do
    scratch=$(mktemp -d)
    for _ in $(seq "$rounds"); do
      "$program" --threads $threads --set size=$size "$here/vae_step.dg" >>"$scratch/ours"
      peer torch_bench.py $workload --threads $threads >>"$scratch/torch-eager"
      peer torch_bench.py $workload --threads $threads --mode fused >>"$scratch/torch-fused"
      peer jax_bench.py $workload --threads $threads >>"$scratch/jax-jit"
    done
    ours=$(median <"$scratch/ours")
    echo "$workload, $threads threads: ours $ours ms"
    for name in torch-eager torch-fused jax-jit; do
      theirs=$(median <"$scratch/$name")
      echo "  $name $theirs ms, ratio ours/theirs $(awk "BEGIN {printf \"%.2f\", $ours / $theirs}")"
    done
    rm -rf "$scratch"
  done
done
