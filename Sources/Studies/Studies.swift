// SPDX-License-Identifier: MIT

// Studies: the claims of the article from-q-learning-to-sac, as experiments. Each study is small, gives the same figures for the
// same seeds, and ends with claims that its own figures decide; nothing here makes a claim hold that does not.
