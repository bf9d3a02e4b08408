// Classes run one after the other: they build the same project, and QEMU counts instructions against the clock.
[assembly: DoNotParallelize]
