#include "CKernels.h"

_Thread_local int64_t dg_work;
_Thread_local int64_t dg_work_limit = INT64_MAX;
