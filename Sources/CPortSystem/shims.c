// SwiftPM requires a source file in each C target; all code is in the header.
#include "CPortSystem.h"
