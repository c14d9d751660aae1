/** Studies made of formulas: brains, scanners of several sites, and what both differ in. */
package org.scanbridge.imaging.phantom;
