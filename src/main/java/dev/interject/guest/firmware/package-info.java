/** What a PC's firmware leaves in memory: the BIOS data area, ACPI tables and the MP table. Values only. */
package dev.interject.guest.firmware;
