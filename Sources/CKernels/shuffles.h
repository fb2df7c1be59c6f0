// Lane numbers for __builtin_shufflevector of two vectors of n lanes: PAIRS_LOW_n and PAIRS_HIGH_n interleave
// their lower and upper halves, EVENS_n and ODDS_n undo it.
#pragma once

#define PAIRS_LOW_2 0, 2
#define PAIRS_LOW_4 0, 4, 1, 5
#define PAIRS_LOW_8 0, 8, 1, 9, 2, 10, 3, 11
#define PAIRS_LOW_16 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23

#define PAIRS_HIGH_2 1, 3
#define PAIRS_HIGH_4 2, 6, 3, 7
#define PAIRS_HIGH_8 4, 12, 5, 13, 6, 14, 7, 15
#define PAIRS_HIGH_16 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

#define EVENS_2 0, 2
#define EVENS_4 0, 2, 4, 6
#define EVENS_8 0, 2, 4, 6, 8, 10, 12, 14
#define EVENS_16 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30

#define ODDS_2 1, 3
#define ODDS_4 1, 3, 5, 7
#define ODDS_8 1, 3, 5, 7, 9, 11, 13, 15
#define ODDS_16 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
