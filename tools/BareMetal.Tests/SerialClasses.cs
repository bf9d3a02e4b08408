// Classes run one after the other: they share the images, and QEMU counts instructions against the clock.
[assembly: DoNotParallelize]
