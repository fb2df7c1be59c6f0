"""Writes a workload's batches for a program of another language: python batches.py WORKLOAD FILE.npy  [16, batch, ..]"""
import sys
import numpy as np
import common

workload, path = sys.argv[1:]
np.save(path, np.stack(common.batches(workload, common.DEFAULTS[workload][0])))
