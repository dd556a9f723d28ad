// The C library of this system, under one name: the only place that tells Glibc, Musl and Darwin apart.
#if canImport(Glibc)
    @_exported public import Glibc
#elseif canImport(Musl)
    @_exported public import Musl
#else
    @_exported public import Darwin
#endif
