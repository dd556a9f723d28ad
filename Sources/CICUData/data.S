// Package.swift defines PORTCTL_ICU_DATA as the path of the assembly file that scripts/trim-icu-data.py has written.
#ifdef PORTCTL_ICU_DATA
#include PORTCTL_ICU_DATA
#endif

#ifdef __linux__
.section .note.GNU-stack,"",@progbits
#endif
