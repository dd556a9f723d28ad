#ifndef CICUDATA_H
#define CICUDATA_H

// No declarations. The target holds ICU's data, a part of it instead of all (scripts/trim-icu-data.py), where "make build"
// links Foundation statically; otherwise it is empty.

#endif
