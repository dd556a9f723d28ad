#ifndef CBUILDSTAMP_H
#define CBUILDSTAMP_H

// The commit and the date of this build. Package.swift takes them from the environment variables PORTCTL_COMMIT and
// PORTCTL_BUILD_DATE; a variable that is not set gives "unknown".
const char *portctl_commit(void);
const char *portctl_build_date(void);

#endif
