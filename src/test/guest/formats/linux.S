# binary at 0
# A bzImage with setup code and both entries; each says which it is, and prints the command line of its boot parameters.
        .code16
        .globl  _start
_start: .org    0x1f1
        .byte   1                                     # setup_sects
        .short  0
        .long   0
        .short  0, 0, 0
        .short  0xaa55
        .byte   0xeb, header_end - . - 1
        .ascii  "HdrS"
        .short  0x20c
        .long   0
        .short  0, 0
        .byte   0, 1                                  # LOADED_HIGH
        .short  0
        .long   0x100000                              # code32_start
        .long   0, 0, 0
        .short  0
        .byte   0, 0
        .long   0
        .long   0x7fffffff                            # initrd_addr_max
        .long   0x1000
        .byte   0, 0
        .short  1                                     # XLF_KERNEL_64
        .long   255
        .long   0
        .quad   0
        .long   0, 0
        .quad   0
        .quad   0x100000
        .long   0x10000                               # init_size
        .long   0
header_end:                                           # CS is 0x20 above DS, as boot.rst says
        mov     $setup_word, %si
        call    print16
        testb   $0x80, 0x211                          # CAN_USE_HEAP
        jz      1f
        cmp     %sp, 0x224                            # heap_end_ptr: the heap ends where the stack begins
        jae     1f
        cmpl    $6, 0x21c                             # the initrd's bytes
        jne     1f
        mov     0x228, %eax
        shr     $4, %eax
        mov     %ax, %ds
        xor     %si, %si
        call    print16
        mov     $'\n', %al
        out     %al, %dx
        mov     $0x10, %al
        out     %al, $0xf4
1:      hlt
print16:
        mov     $0x3f8, %dx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      ret
setup_word:
        .asciz  "setup code: "
        .org    0x400
        .code32
kernel: .set    BASE, 0x100000 - 0x400            # where this is loaded, less where it is linked
        mov     $stack_top + BASE, %esp
        mov     %esi, %ebx
        mov     %cs, %ax
        cmp     $0x10, %ax
        jne     failed
        mov     $words32 + BASE, %esi
        call    print
        mov     0x228(%ebx), %esi
        call    print
        call    new_line
        mov     0x218(%ebx), %esi
        mov     0x21c(%ebx), %edi
        add     %esi, %edi
        call    print_range
        call    new_line
        cmpb    $4, 0x1e8(%ebx)                       # ranges of memory
        jne     failed
        jmp     finish
        .include "report32.inc"
words32:
        .asciz  "32-bit entry: "
        .org    0x600
        .code64
        mov     $stack_top + BASE, %esp
        mov     %rsi, %rbx
        lea     words64(%rip), %rsi
        call    print64
        mov     0x228(%rbx), %esi
        call    print64
        mov     $'\n', %al
        out     %al, %dx
        mov     $0x10, %eax
        out     %eax, $0xf4
        hlt
print64:
        mov     $0x3f8, %dx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      ret
words64:
        .asciz  "64-bit entry: "
        .skip   256
stack_top:
