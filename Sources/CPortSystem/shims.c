// SwiftPM wants a source file in every C target; everything is in the header.
#include "CPortSystem.h"
