/* SPDX-License-Identifier: MIT */
#include <libxml/parser.h>
#include <libxml/tree.h>

/* xmlFree is a global variable, which Swift takes for shared mutable state. */
static inline void cxml2_free(void *_Nullable memory) { xmlFree(memory); }
