#include "CKernels.h"

_Thread_local int64_t dg_work;
