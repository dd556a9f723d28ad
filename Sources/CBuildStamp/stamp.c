#include "CBuildStamp.h"

const char *portctl_commit(void) { return PORTCTL_COMMIT; }
const char *portctl_build_date(void) { return PORTCTL_BUILD_DATE; }
