#!/bin/bash
# A sweep as an array job of Slurm, one task a part and a GPU, and a job that joins the parts when all are whole. After `npm ci`, where
# jobs are submitted:
#   src/cli/cluster/slurm.sh EXPERIMENT.json DIR N [options of sbatch, such as --partition=gpu --time=4:00:00]
# All tasks must see DIR and this folder, and have one kind of GPU (--constraint), since results of two are not joined.
# Parts that are not whole when all has ended: the same call once more. Whole ones end at once, and others go on from where they were.
#SBATCH --job-name=normscape
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --gres=gpu:1
#SBATCH --requeue
#SBATCH --signal=TERM@120
set -euo pipefail

if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
  document=$(realpath "$1") folder=$(realpath -m "$2") parts=$3
  script=$(realpath "$0")
  cd "$(dirname "$script")/../../.."
  npm run --silent sweep -- --version # compiles it, once for all
  array=$(sbatch --parsable --array="0-$((parts - 1))" "${@:4}" "$script" "$document" "$folder")
  merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes --job-name=normscape-merge "${@:4}" \
    --wrap "npm run --silent merge -- $(printf %q "$folder")")
  echo "$array trains, $merge joins"
  exit
fi

status=0
srun npm run --silent sweep -- "$1" --out "$2" --part auto || status=$?
case $status in
  # Lost the GPU; interrupted, as before the end of its time; killed; and npm's word for being interrupted. What was finished is kept.
  4 | 130 | 137 | 143)
    if [ "${SLURM_RESTART_COUNT:-0}" -lt 10 ]; then scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"; fi
    ;;
esac
exit "$status"
