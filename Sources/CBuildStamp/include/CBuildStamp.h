#ifndef CBUILDSTAMP_H
#define CBUILDSTAMP_H

// What Package.swift was told of this build by the environment (PORTCTL_COMMIT, PORTCTL_BUILD_DATE); "unknown" without.
const char *portctl_commit(void);
const char *portctl_build_date(void);

#endif
